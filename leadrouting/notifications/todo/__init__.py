"""What is to be done for leads, by when."""
