"""Compare what cities say and do in their documents.

The library cleans and tokenizes documents, measures and draws; the notebooks call it. Modules in the order in
which data flows: `decoding`, `corpus`, `cleaning`, `structure`, `tokens`, `tables`, `build`; then `matrix`, `topics`,
`compare`; then `figures`, `notebook`, `pipeline`, `report`; `parameters` and `cli` for those who call it.
"""

__version__ = "0.1.0"
