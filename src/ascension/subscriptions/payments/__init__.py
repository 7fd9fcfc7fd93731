"""Who takes the money: what the product asks of them, and Stripe."""
