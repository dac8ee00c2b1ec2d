// The words of the Slack-like app itself, in the page's language.
const WORDS = {
  en: {
    workspace: "Sandbox", channels: "Channels", apps: "Apps", home: "Home", messages: "Messages", menu: "Conversations",
    unread: "unread", app: "APP", edited: "(edited)", onlyYou: "Only visible to you", gone: "This message was deleted.",
    reply: "Reply in thread", replies: { one: "{count} reply", other: "{count} replies" }, thread: "Thread", close: "Close",
    react: "Add a reaction", more: "More actions", edit: "Edit message", delete: "Delete message", dismiss: "Dismiss message",
    sureDelete: "Delete this message? This cannot be undone.", yesDelete: "Delete", cancel: "Cancel", save: "Save",
    write: "Message {name}", writeReply: "Reply…", send: "Send", attach: "Attach files", shortcuts: "Shortcuts", take: "Take {name} away",
    noThread: "{name} does not work in threads. There, commands begin with an exclamation mark: !r text",
    unknown: "{name} is no command here. There is {known}.",
    failed: "Frontdesk did not answer in time. Try again.", optional: "(optional)", choose: "Choose", noHome: "Nothing is here yet.",
    empty: "Nothing has been said here yet.", download: "Download {name}", goneFile: "{name} was deleted", picture: "A picture is here: {name}",
    today: "Today", yesterday: "Yesterday", people: "Names", by: "{names} reacted with {name}", files: "Files", options: "More options",
    left: "This account is deactivated.", archived: "This channel is archived.", busy: "Sending…",
  },
  uk: {
    workspace: "Пісочниця", channels: "Канали", apps: "Застосунки", home: "Головна", messages: "Повідомлення", menu: "Розмови",
    unread: "нове", app: "БОТ", edited: "(змінено)", onlyYou: "Бачите лише ви", gone: "Це повідомлення видалено.",
    reply: "Відповісти в гілці", replies: { one: "{count} відповідь", few: "{count} відповіді", many: "{count} відповідей", other: "{count} відповіді" }, thread: "Гілка", close: "Закрити",
    react: "Додати реакцію", more: "Інші дії", edit: "Змінити повідомлення", delete: "Видалити повідомлення", dismiss: "Прибрати повідомлення",
    sureDelete: "Видалити це повідомлення? Скасувати це не можна.", yesDelete: "Видалити", cancel: "Скасувати", save: "Зберегти",
    write: "Повідомлення: {name}", writeReply: "Відповідь…", send: "Надіслати", attach: "Додати файли", shortcuts: "Швидкі дії", take: "Прибрати {name}",
    noThread: "{name} не працює в гілках. Там команди починаються зі знака оклику: !r текст",
    unknown: "Команди {name} тут немає. Є {known}.",
    failed: "Frontdesk не відповів вчасно. Спробуйте ще раз.", optional: "(необов’язково)", choose: "Оберіть", noHome: "Тут ще нічого немає.",
    empty: "Тут ще нічого не сказано.", download: "Завантажити {name}", goneFile: "Файл {name} видалено", picture: "Тут зображення: {name}",
    today: "Сьогодні", yesterday: "Учора", people: "Імена", by: "{names}: {name}", files: "Файли", options: "Інші варіанти",
    left: "Цей обліковий запис вимкнено.", archived: "Цей канал в архіві.", busy: "Надсилається…",
  },
  ru: {
    workspace: "Песочница", channels: "Каналы", apps: "Приложения", home: "Главная", messages: "Сообщения", menu: "Разговоры",
    unread: "новое", app: "БОТ", edited: "(изменено)", onlyYou: "Видите только вы", gone: "Это сообщение удалено.",
    reply: "Ответить в ветке", replies: { one: "{count} ответ", few: "{count} ответа", many: "{count} ответов", other: "{count} ответа" }, thread: "Ветка", close: "Закрыть",
    react: "Добавить реакцию", more: "Другие действия", edit: "Изменить сообщение", delete: "Удалить сообщение", dismiss: "Убрать сообщение",
    sureDelete: "Удалить это сообщение? Отменить это нельзя.", yesDelete: "Удалить", cancel: "Отмена", save: "Сохранить",
    write: "Сообщение: {name}", writeReply: "Ответ…", send: "Отправить", attach: "Добавить файлы", shortcuts: "Быстрые действия", take: "Убрать {name}",
    noThread: "{name} не работает в ветках. Там команды начинаются с восклицательного знака: !r текст",
    unknown: "Команды {name} здесь нет. Есть {known}.",
    failed: "Frontdesk не ответил вовремя. Попробуйте ещё раз.", optional: "(необязательно)", choose: "Выберите", noHome: "Здесь пока ничего нет.",
    empty: "Здесь пока ничего не сказано.", download: "Скачать {name}", goneFile: "Файл {name} удалён", picture: "Здесь изображение: {name}",
    today: "Сегодня", yesterday: "Вчера", people: "Имена", by: "{names}: {name}", files: "Файлы", options: "Другие варианты",
    left: "Эта учётная запись отключена.", archived: "Этот канал в архиве.", busy: "Отправляется…",
  },
};
export { WORDS };

// Return how something is said: say("write", {name: "#team"}); a count chooses the plural.
export function speaker(language) {
  const own = WORDS[language] ? language : "en";
  const plural = new Intl.PluralRules(own);
  return (key, facts = {}) => {
    const found = WORDS[own][key];
    const said = typeof found === "string" ? found : found[plural.select(facts.count)] ?? found.other;
    return said.replace(/\{(\w+)\}/g, (_, name) => facts[name] ?? "");
  };
}
