"""Exchange with other programs: what the suite coded goes out, and what people changed comes back as their answers.

`spans` has the codes on spans of text; `refi_qda` writes them for programs of qualitative analysis, `annotation` for
doccano and Label Studio, and `returned`, with both, reads what comes back; `corrections` holds it against the tables
and writes the answers. `corpora` writes documents and words for R and for corpus tools. `formats` is all that can be
exported.
"""
