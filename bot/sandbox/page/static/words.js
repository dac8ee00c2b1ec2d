// The page's own words. What the desk and people say is theirs.
import { DRAWER } from "/static/drawer-words.js";
import { TELEGRAM } from "/static/telegram-words.js";

const SHELL = {
  en: {
    cancel: "Cancel",
    simulated: "Both messengers here are simulated. Nothing leaves this machine.",
    "desk.starting": "desk: starting",
    "desk.running": "desk: running, process {pid}",
    "desk.restarting": "desk: restarting",
    "desk.stopped": "desk: stopped",
    "desk.elsewhere": "desk: runs elsewhere",
    "tab.telegram": "Telegram",
    "tab.slack": "Slack",
    "tab.drawer": "The desk",
    "play": "You are",
    "role.requester": "needs help",
    "role.agent": "agent",
    "role.admin": "admin",
  },
  uk: {
    cancel: "Скасувати",
    simulated: "Обидва месенджери тут імітовані. Ніщо не виходить за межі цього комп'ютера.",
    "desk.starting": "стійка: запускається",
    "desk.running": "стійка: працює, процес {pid}",
    "desk.restarting": "стійка: перезапускається",
    "desk.stopped": "стійка: зупинена",
    "desk.elsewhere": "стійка: працює окремо",
    "tab.telegram": "Telegram",
    "tab.slack": "Slack",
    "tab.drawer": "Стійка",
    "play": "Ви:",
    "role.requester": "потребує допомоги",
    "role.agent": "агент",
    "role.admin": "адміністратор",
  },
  ru: {
    cancel: "Отменить",
    simulated: "Оба мессенджера здесь имитированы. Ничто не уходит за пределы этого компьютера.",
    "desk.starting": "стойка: запускается",
    "desk.running": "стойка: работает, процесс {pid}",
    "desk.restarting": "стойка: перезапускается",
    "desk.stopped": "стойка: остановлена",
    "desk.elsewhere": "стойка: работает отдельно",
    "tab.telegram": "Telegram",
    "tab.slack": "Slack",
    "tab.drawer": "Стойка",
    "play": "Вы:",
    "role.requester": "нуждается в помощи",
    "role.agent": "агент",
    "role.admin": "администратор",
  },
};

export const WORDS = Object.fromEntries(Object.keys(SHELL).map((one) => [one, { ...SHELL[one], ...TELEGRAM[one], ...DRAWER[one] }]));
