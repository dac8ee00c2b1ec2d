"""`frontdesk run`: the desk at work."""

from bot.commands.calling import wait


def run() -> None:
    """Serve every messenger that is configured, until SIGTERM or Ctrl-C."""
    from bot import logs, process
    from bot.settings import load

    settings = load()
    logs.configure(settings.log_level, settings.log_format, secrets=settings.secrets)
    wait(process.run(settings))
