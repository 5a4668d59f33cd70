"""Bells are due work: each is to be struck once. One kind for the pulse, one for the default cluster."""
