"""Serial sections: neighbours registered in pairs, chained to a common middle, written as one stack."""
