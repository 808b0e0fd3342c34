"""Files as official providers publish them, one module for each provider."""
