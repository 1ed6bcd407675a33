"""Matrices over the rationals, and with symbols in them."""
