"""All that an account holds, as one ZIP file: asked for, made in the background, fetched for a week."""
