"""`frontdesk run`: the desk at work."""

from bot.commands.calling import wait


def run() -> None:
    """Serve every messenger that is configured, until SIGTERM or Ctrl-C."""
    from bot import process
    from bot.monitoring import logs
    from bot.settings import load_settings

    settings = load_settings()
    logs.configure_logging(settings.log_level, settings.log_format, secrets=settings.secrets)
    wait(process.serve_desk(settings))
