"""The algorithms, one file each; the catalog stands above them."""
