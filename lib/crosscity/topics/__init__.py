"""Topic models of paragraphs, and how far to believe them.

`models` fits them, `quality` measures them and chooses k, `prevalence` compares groups and years, `labels` describes
and names topics, `intruders` asks raters. `codebook_topics` makes a model of a codebook's themes for a few documents.
"""

__all__ = ["codebook_topics", "intruders", "labels", "models", "prevalence", "quality"]
