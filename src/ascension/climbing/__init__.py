"""What a climber did on a wall: contacts, moves, events, attempts and what can be measured of them."""
