"""What two texts that are compared can be: the kinds of `proofmill.verifiers.equal`."""

from typing import Literal

Kind = Literal[
    "answer",  # a final answer or short completion beside a gold answer, in LaTeX or plain text
    "completion",  # a whole solution beside a gold answer
    "equiv",  # two expressions, equations, sets, ... that should mean the same
    "antiderivative",  # two antiderivatives of one function: they may differ by a constant
    "antiderivative+C",  # the same, and the prediction must have a constant of integration
    "derivative",  # two expressions of one derivative
    "system",  # two systems of equations or inequalities with the same solutions
    "logic",  # two formulas of propositional logic
    "num-abs",  # numbers within an absolute distance: policy.tolerance, 0.05 if it is not set
    "num-rel",  # numbers within a relative distance: policy.relative, 0.05 if it is not set
    "subst-equiv",  # the same up to the names of the variables
]
