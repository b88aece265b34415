"""Evaluation by anyone: questions with known answers are asked, what comes is measured, and two runs are compared.

    questions ──reading──▶ ExpectedAnswer ──asking──▶ EvaluatedQuestion ──measures──▶ Measures ──▶ report | JSON | comparison

Questions come from a file, are proposed from the documents (`making`, `writing`), or are what readers judged (`from_feedback`).
"""

from assistant.errors import BadQuestions
from assistant.evaluation.reading import ExpectedAnswer, read

__all__ = ["BadQuestions", "ExpectedAnswer", "read"]
