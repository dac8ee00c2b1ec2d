"""What the operator did wrong or has to mend, told in one line."""


class OperatorError(Exception):
    """One line for the operator: the setting or argument to look at, and what to do about it.

    The command line prints it and exits 2; a traceback would only hide the fix.
    """

    def __init__(self, name: str, fix: str) -> None:
        super().__init__(f"{name}: {fix}")
        self.name = name
        self.fix = fix
