"""How the default model is made: a teacher scores unlabelled texts, a student learns."""
