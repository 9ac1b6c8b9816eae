"""Training: labelled texts → ModelBundle. Needs more than scoring does, and says so."""
