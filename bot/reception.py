"""Who asks the bot for something is answered here, by what the settings say of it now."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from bot.app import App
from bot.commands import Desk, Menus, add_handlers
from bot.commands.errands import Errands
from bot.explaining import Explainer
from bot.office import show
from bot.rehearsal import Rehearsal
from bot.routing import Routing
from bot.scouting import Scout
from bot.slices import sender_options, telegram_chats, zone_of
from bot.sourcebook import Sourcebook
from bot.telegram import Application
from bot.telegram.faces import Faces
from bot.trainer import Trainer
from config import Settings
from config.changes import Changes


class Reception:
    """The commands and the buttons, and the menus of them.

    Attributes:
        menus: in the chats of the operators.
        errands: what was asked for and takes longer than an answer.
    """

    def __init__(
        self,
        app: App,
        telegram: Application,
        trainer: Trainer,
        *,
        answered: Callable[[], None],
        book: Sourcebook | None = None,
        reload: Callable[[], Awaitable[Changes]] | None = None,
    ) -> None:
        """Make it.

        Args:
            app: what is asked about.
            telegram: where it is asked.
            trainer: retrains the model.
            answered: is called when an operator has his answer, and may have decided something.
            book: the settings files, as far as it is known where they are.
            reload: reads the settings again; None: they are read anew anyway.
        """
        self._telegram = telegram
        self.menus = _menus(app.settings, telegram)
        self.errands = Errands(partial(show, telegram))
        self.desk = Desk(
            app.store,
            frozenset(app.settings.telegram.operators),
            app.routing,
            app.wake_senders,
            answered=answered,
            trainer=trainer,
            rehearsal=Rehearsal(lambda: app.settings, app.store, app.model, app.in_force),
            explainer=Explainer(lambda: app.settings, app.store),
            zone=zone_of(app.settings),
            expire=sender_options(app.settings).expire,
            fetch=app.fetch_soon,
            reload=reload,
            scout=Scout(lambda: app.settings, app.client, book),
            errands=self.errands,
            faces=Faces(telegram.bot, telegram_chats(app.settings)).shown,
        )

    def open(self, *, with_menus: bool = True) -> None:
        """Answer from now on."""
        add_handlers(self._telegram, self.desk, self.menus if with_menus else None)

    def adopt(self, settings: Settings) -> None:
        """Go by other settings from now on."""
        self.desk.operators = frozenset(settings.telegram.operators)
        self.desk.routing = Routing.from_settings(settings)
        self.desk.zone = zone_of(settings)
        self.desk.expire = sender_options(settings).expire
        self.menus.extend(settings.telegram.operators)


def _menus(settings: Settings, telegram: Application) -> Menus:
    office = (settings.operator_chat,) if settings.operator_chat else ()
    return Menus(telegram.bot, (*settings.telegram.operators, *office))
