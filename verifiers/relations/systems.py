"""Systems of equations: lists of statements that hold together."""

from proofmill.verifiers.expressions.comparison import Comparison
from proofmill.verifiers.expressions.nodes import Call, Node, is_statement
from proofmill.verifiers.expressions.policy import DEFAULT, Domain, Policy
from proofmill.verifiers.relations.compare import compare_statements
from proofmill.verifiers.relations.statements import TRUE


def compare_systems(left: Node, right: Node, *, domain: Domain = "real", policy: Policy = DEFAULT) -> Comparison:
    """Compare two systems of equations, each a list of statements that hold together or a single statement."""
    parts = [system(node) for node in (left, right)]
    if None in parts:
        return Comparison("different", "not_a_system", {"system": [part is not None for part in parts]})
    return compare_statements(parts[0] or TRUE, parts[1] or TRUE, domain=domain, policy=policy)


def system(node: Node) -> Node | None:
    """The conjunction of a list of statements; None for what is no such list."""
    if isinstance(node, Call) and node.head in {"List", "Sequence", "Set", "Tuple"} and node.args:
        return Call("And", node.args) if all(map(is_statement, node.args)) else None
    return node if is_statement(node) else None
