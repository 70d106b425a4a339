"""Questions in natural language over the content of sites: items, retrieval, ranking, answers."""

from shared_handlers.nlweb.answering import Answerer, empty_document, fold
from shared_handlers.nlweb.content import open_index
from shared_handlers.nlweb.index import Index
from shared_handlers.nlweb.language_model import Extractive, LanguageModel
from shared_handlers.nlweb.messages import Message, message
from shared_handlers.nlweb.question import Question, read_query_id, read_question
from shared_handlers.nlweb.rehearsal import Rehearsal
from shared_handlers.nlweb.store import StoreError

__all__ = [
    "Answerer",
    "Extractive",
    "Index",
    "LanguageModel",
    "Message",
    "Question",
    "Rehearsal",
    "StoreError",
    "empty_document",
    "fold",
    "message",
    "open_index",
    "read_query_id",
    "read_question",
]
