"""What the commands do with a whole project: runs, report, verification, papers, new studies."""

__all__ = ["export", "intake", "paper", "pipeline", "redaction", "report", "scaffold", "verify"]
