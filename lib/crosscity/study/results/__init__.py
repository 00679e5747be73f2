"""The results of a study, a module a theme: each has the questions that a study can be asked, and what it answers."""
