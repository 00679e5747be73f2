"""What commands do with a whole project: tables, plan and runs, report, verification, papers, deposits, new studies."""

__all__ = [
    "build",
    "citations",
    "deposit",
    "exchange",
    "export",
    "intake",
    "paper",
    "pipeline",
    "report",
    "scaffold",
    "scheduling",
    "verify",
]
