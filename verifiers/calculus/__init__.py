"""Derivatives, integrals, limits and sums: worked out by proof where that goes, by two unlike routes where not."""
