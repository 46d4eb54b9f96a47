"""Every error a person can cause or mend; anything else is a bug and crashes loudly.

KgError
├── SourceError               a file of the project is wrong: path, line, what to do
│   ├── SeedError             a seed or ontology file
│   └── SavedQueryError       a file in queries/
├── SavedQueryErrors          several files in queries/, each with its SavedQueryError
├── BuildError                the build cannot go on, or there is none
│   └── SettingError          a variable of the environment has a value that it cannot have
├── EvidenceError             a document does not bear out the claims made about it
├── ParameterError            a value given for a parameter does not fit
│   ├── BadEncoding           it is not UTF-8
│   ├── DuplicateParameter    it is given several times
│   ├── MissingQuery          there is no query
│   ├── OtherBuild            the address names a build that is not the one served
│   └── EntityError           a name that leads to no single thing
│       ├── EntityNotFound    to none; carries suggestions
│       ├── EntityAmbiguous   to several; carries the candidates
│       └── EntityOfOtherKind only to a thing of another class; carries suggestions
└── QueryError                a query was not answered
    ├── QuerySyntaxError      it does not parse
    ├── QueryRefused          it asks for what this service does not do
    │   ├── QueryTooLarge     its text is longer than allowed
    │   ├── QueryTooComplex   it is nested too deeply, or has too many operators
    │   ├── ServiceDisabled   it calls another service
    │   ├── UnsupportedFunction   it calls a function that the engine does not have
    │   ├── UpdateRefused     it would change the graph
    │   └── UnknownName       it names a thing of this graph that does not exist
    ├── QueryTimeout          it took longer than allowed
    ├── QueryCancelled        whoever asked is gone, or an operator ended it
    ├── ResultTooLarge        its answer is larger than allowed
    ├── MemoryExceeded        it needed more memory than allowed
    ├── NotAcceptable         its answer has no form in the media types asked for
    │   └── NotRepresentable  the form asked for cannot hold this answer
    ├── BudgetSpent           the client has used up its share; carries when to come back
    ├── EngineUnavailable     no worker could take it
    │   └── EngineBusy        all are at work on other queries
    └── BackendError          the remote engine did not answer as the standard says
        ├── BackendUnreachable    it cannot be reached
        ├── BackendTooLarge   its answer is larger than allowed
        └── PartialResult     its answer is cut short, and it says so

Each has a `code`, which stays the same when the words of its message change.
"""

from kg.errors.parameters import BadEncoding as BadEncoding
from kg.errors.parameters import DuplicateParameter as DuplicateParameter
from kg.errors.parameters import EntityAmbiguous as EntityAmbiguous
from kg.errors.parameters import EntityError as EntityError
from kg.errors.parameters import EntityNotFound as EntityNotFound
from kg.errors.parameters import EntityOfOtherKind as EntityOfOtherKind
from kg.errors.parameters import MissingQuery as MissingQuery
from kg.errors.parameters import OtherBuild as OtherBuild
from kg.errors.parameters import ParameterError as ParameterError
from kg.errors.project import BuildError as BuildError
from kg.errors.project import EvidenceError as EvidenceError
from kg.errors.project import SavedQueryError as SavedQueryError
from kg.errors.project import SavedQueryErrors as SavedQueryErrors
from kg.errors.project import SeedError as SeedError
from kg.errors.project import SettingError as SettingError
from kg.errors.project import SourceError as SourceError
from kg.errors.queries import PASSING as PASSING
from kg.errors.queries import BackendError as BackendError
from kg.errors.queries import BackendTooLarge as BackendTooLarge
from kg.errors.queries import BackendUnreachable as BackendUnreachable
from kg.errors.queries import BudgetSpent as BudgetSpent
from kg.errors.queries import EngineBusy as EngineBusy
from kg.errors.queries import EngineUnavailable as EngineUnavailable
from kg.errors.queries import MemoryExceeded as MemoryExceeded
from kg.errors.queries import NotAcceptable as NotAcceptable
from kg.errors.queries import NotRepresentable as NotRepresentable
from kg.errors.queries import PartialResult as PartialResult
from kg.errors.queries import QueryCancelled as QueryCancelled
from kg.errors.queries import QueryError as QueryError
from kg.errors.queries import QueryRefused as QueryRefused
from kg.errors.queries import QuerySyntaxError as QuerySyntaxError
from kg.errors.queries import QueryTimeout as QueryTimeout
from kg.errors.queries import QueryTooComplex as QueryTooComplex
from kg.errors.queries import QueryTooLarge as QueryTooLarge
from kg.errors.queries import ResultTooLarge as ResultTooLarge
from kg.errors.queries import ServiceDisabled as ServiceDisabled
from kg.errors.queries import UnknownName as UnknownName
from kg.errors.queries import UnsupportedFunction as UnsupportedFunction
from kg.errors.queries import UpdateRefused as UpdateRefused
from kg.errors.root import KgError as KgError
