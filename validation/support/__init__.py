"""What a state agency is worth to districts, by weight of support, under the same luck."""
