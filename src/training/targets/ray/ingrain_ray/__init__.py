"""Trains a run of the trl engine on a Ray cluster; it comes there in the job's package."""
