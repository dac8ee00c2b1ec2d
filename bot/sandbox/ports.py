"""Ports that cannot be had, told with what to do about it."""

import errno

from bot.errors import OperatorError


def taken(option: str, port: int, error: OSError) -> OperatorError:
    """Return what to do about a port that cannot be had."""
    if error.errno == errno.EACCES:
        return OperatorError(option, f"port {port} needs rights this user has not; choose one over 1023")
    if error.errno == errno.EADDRINUSE:
        return OperatorError(option, f"port {port} is taken by another program; choose another, or leave it out")
    if error.errno == errno.EADDRNOTAVAIL:
        return OperatorError(option, "there is no 127.0.0.1 on this machine; bring up its loopback interface, `lo`")
    return OperatorError(option, f"port {port} cannot be had ({error.strerror}); choose another, or leave it out")
