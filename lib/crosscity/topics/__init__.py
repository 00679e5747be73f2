"""Topic models: fitting, the choice of k, prevalence by group, labels, and the judgement of raters."""

__all__ = ["codebook_topics", "intruders", "labels", "models", "prevalence", "quality"]
