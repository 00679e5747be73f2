"""Compare what cities say and do in their documents.

The library cleans and tokenizes documents, measures and draws; the notebooks call it. Modules in the order in which
data flows: `decoding`, `corpus`, `metadata` (reading); `characters`, `slips`, `furniture`, `structure`, `cleaning`
(text); `tokens`, `build`, `tables`, `audit` (tables); `matrix`, `topics`, `compare` (statistics); `figures`, `plots`,
`notebook`, `pipeline`, `report` (results); `parameters`, `state`, `cli` (calling it).
"""

from importlib.resources import files

__version__ = "0.1.0"
RESOURCES = files(__name__) / "resources"
