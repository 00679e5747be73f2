"""What the commands do with a whole project: tables, plan and runs, report, verification, papers, new studies."""

__all__ = ["build", "citations", "exchange", "export", "intake", "paper", "pipeline", "report", "scaffold", "verify"]
