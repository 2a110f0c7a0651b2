"""The engines that tables are read into; each speaks its own dialect."""
