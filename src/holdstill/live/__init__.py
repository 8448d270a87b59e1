"""Live: a tracker that corrects while recording, and folders that are watched."""
