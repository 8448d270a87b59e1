"""From options to an outcome: chunk by chunk, noted as it goes."""
