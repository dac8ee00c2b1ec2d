"""Files as people keep them: the shapes of real ones, the words our own. Each with what it holds once it is taken."""

import io
import zipfile
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Kept:
    """A file, how many articles it holds, one of them (question, a piece of its answer), and what its preview says."""

    name: str
    data: bytes
    articles: int
    question: str
    answer: str
    told: tuple[str, ...] = ()
    languages: tuple[str, ...] = ("uk",)
    asked: tuple[str, ...] = field(default=())  # buttons pressed before it can be taken: how the file is meant


TITLED = """\ufeffsep=;
;;;
Часті питання кав'ярні «Зерно», осінь;;;
№;Питання;Відповідь;Теги
1;О котрій ви відчиняєтесь?;Щодня о 8:00.;"графік; години"
2;Чи можна прийти з собакою?;"Так, на терасу.
Миску з водою дамо.";"тварини; тераса"
3;Де залишити велосипед?;Під вікном є стійка.;велосипед
"""
LEVELS = """level;title;question;answer
Оренда;Як забронювати човен?;;Подзвоніть напередодні.
Оренда;Застава;Яка застава за човен?;Тисяча гривень готівкою.
Безпека;Жилети;Чи дають рятувальні жилети?;Так, усім, і дитячі теж.
"""
BARE = """Як перенести запис до лікаря?;Зателефонуйте в реєстратуру до 18:00, і ми підберемо інший зручний час.
Чи потрібне направлення до окуліста?;Ні, до окуліста можна записатися самостійно через застосунок або телефоном.
Де отримати довідку для басейну?;У кабінеті терапевта, перший поверх, з собою візьміть паспорт і флюорографію.
"""
BOT = """query,keyword,response,enabled
How do I borrow a book?,"loan, card, borrow",Show your reader's card at the desk.,true
When is the reading room open?,"hours,room",From nine to eight.,true
Old summer programme,"summer",It is over.,false
"""
STRANGER = "id,question,answer\n" + "".join(
    f"{n},{q},{a}\n"
    for n, (q, a) in enumerate(
        [
            ("Чи є у вас безглютеновий хліб?", "Так щоп'ятниці."),
            ("Як замовити торт на свято?", "За три дні через форму на сайті."),
            ("Чи возите ви у передмістя?", "Возимо до двадцяти кілометрів."),
        ],
        1,
    )
)
PAIRED = """question_ru,answer_ru,question_uk,answer_uk
Как продлить абонемент?,"На стойке, за день до конца.",Як продовжити абонемент?,"На рецепції, за день до кінця."
Есть ли сауна?,"Есть, по вторникам.",Чи є сауна?,"Є, щовівторка."
"""
KOI = """Питання;Відповідь;Розділ
Як здати ключі від номера?;Залиште їх на рецепції перед виїздом.;Виїзд
Чи є стоянка для гостей?;Так, у дворі, безкоштовно для мешканців.;Стоянка
О котрій подають сніданок?;З сьомої до десятої ранку.;Їжа
"""
SECTIONS = """---
title: Довідка гуртожитку
language: uk
---
# Довідка

Тут зібрано те, про що питають найчастіше.

## Поселення

### Коли можна заїхати?
З 25 серпня, з дев'ятої до шостої.<br>У неділю не поселяємо.

### Які документи потрібні?
- паспорт
- ордер

## Прання

### Де пральня?
У підвалі другого корпусу.

#### Скільки коштує?
Двадцять гривень за цикл.
"""
MARKED = """З: Чи можна повернути квиток?
В: Так, не пізніше ніж за добу до вистави.

З: Чи пускають після третього дзвінка?
В: Ні, лише в антракті.
Лише в антракті й на балкон.

З: Де гардероб?
В: Ліворуч від входу.
"""
HELP = {
    "help/delivery/how-to-return-4401.html": """<!DOCTYPE html><html lang="en"><head>
<title>How do I return a lamp? – Lumen Help</title>
<style>.x{}</style></head><body><nav><a href="/">Home</a><a href="/a">All articles</a></nav>
<ol class="breadcrumbs"><li>Lumen</li><li>Delivery</li></ol>
<main><h1>How do I return a lamp?</h1><p>Pack it in its <b>own box</b>.</p><h2>Where to</h2><ul><li>a parcel locker</li>
<li>our shop, see <a href="https://lumen.example/shops">the list</a></li></ul><script>track()</script></main>
<footer>© Lumen</footer></body></html>""",
    "help/delivery/when-will-it-come-4402.html": """<html><head><title>When will my order come? – Lumen Help</title></head><body>
<nav>Home</nav><article><h1>When will my order come?</h1><p>In two days, <i>three</i> in the mountains.</p>
<table><tr><th>To</th><th>Days</th></tr><tr><td>city</td><td>2</td></tr></table></article></body></html>""",
    "help/index.html": '<html><body><a href="1">a</a><a href="2">b</a> <a href="3">c</a> <a href="4">d</a></body></html>',
    "help/logo.png": "png",
}
WIKI = """<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11">
<siteinfo><sitename>Вікі</sitename></siteinfo>
<page><title>Як увімкнути опалення в залі?</title><ns>0</ns><revision><text>Поверніть '''червоний''' вентиль.
== Якщо холодно ==
* зачекайте годину
* гукніть [[Черговий|чергового]]
{{Шаблон|а}}[[Категорія:Зала]]</text></revision></page>
<page><title>Опалення</title><ns>0</ns><revision><text>#перенаправлення [[Як увімкнути опалення в залі?]]</text></revision></page>
<page><title>Обговорення</title><ns>1</ns><revision><text>дрібниці</text></revision></page>
</mediawiki>"""
MANUAL = r""".TH PRESSCTL 8 "2024-01-01" "Press tools"
.SH NAME
pressctl \- start and stop the printing press
.SH DESCRIPTION
Drives the press in the cellar. Wear
.B gloves .
.SH OPTIONS
.TP
\fB\-\-slow\fR
Run at half speed.
.TP
.BR \-\-ink =\fICOLOUR\fR
Choose the ink.
.SH SEE ALSO
press(1)
"""


def workbook(sheets: dict[str, list[list[str]]]) -> bytes:
    """Return a workbook as a spreadsheet would save it, its texts inline."""
    out = io.BytesIO()
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    names = list(enumerate(sheets, 1))
    with zipfile.ZipFile(out, "w") as archive:
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>' for n, _ in names
        )
        archive.writestr(
            "[Content_Types].xml",
            f'{head}<Types xmlns="{package}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
            f'ContentType="{kind}.sheet.main+xml"/>{parts}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        listed = "".join(f'<sheet name="{name}" sheetId="{n}" r:id="rId{n}"/>' for n, name in names)
        archive.writestr(
            "xl/workbook.xml", f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>'
        )
        relations = "".join(
            f'<Relationship Id="rId{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _ in names
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'{head}<Relationships xmlns="{package}/relationships">{relations}</Relationships>',
        )
        for n, name in names:
            rows = "".join(
                f'<row r="{y}">'
                + "".join(
                    f'<c r="{chr(64 + x)}{y}" t="inlineStr"><is><t xml:space="preserve">{cell}</t></is></c>'
                    for x, cell in enumerate(row, 1)
                    if cell
                )
                + "</row>"
                for y, row in enumerate(sheets[name], 1)
            )
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'{head}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
            )
    return out.getvalue()


def document(paragraphs: list[tuple[str, str]]) -> bytes:
    """Return a word processor's document of paragraphs: (style name, text)."""
    out = io.BytesIO()
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    styles = {name: f"s{at}" for at, name in enumerate(dict.fromkeys(style for style, _ in paragraphs if style))}
    body = "".join(
        "<w:p>"
        + (f'<w:pPr><w:pStyle w:val="{styles[style]}"/></w:pPr>' if style else "")
        + f"<w:r><w:t>{text}</w:t></w:r></w:p>"
        for style, text in paragraphs
    )
    named = "".join(
        f'<w:style w:type="paragraph" w:styleId="{code}"><w:name w:val="{name}"/></w:style>'
        for name, code in styles.items()
    )
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'{head}<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
            f'ContentType="{kind}.document.main+xml"/><Override PartName="/word/styles.xml" '
            f'ContentType="{kind}.styles+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{office}/styles" '
            'Target="styles.xml"/></Relationships>',
        )
        archive.writestr("word/styles.xml", f'{head}<w:styles xmlns:w="{main}">{named}</w:styles>')
        archive.writestr(
            "word/document.xml", f'{head}<w:document xmlns:w="{main}"><w:body>{body}</w:body></w:document>'
        )
    return out.getvalue()


def archive(files: dict[str, str]) -> bytes:
    """Return files as one archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in files.items():
            packed.writestr(name, text)
    return out.getvalue()


SHEETS = {
    "Тарифи": [
        ["Питання", "Відповідь", "Ключові слова"],
        ["Скільки коштує прокат лиж?", "Триста гривень на день.", "ціна; лижі"],
        ["Чи є знижка для дітей?", "Так, половина.", "діти; знижка"],
    ],
    "Траси": [["Питання", "Відповідь"], ["Де траса для новачків?", "Ліворуч від нижньої станції."]],
    "Чернетка": [["подзвонити Олегу"]],
}
PARAGRAPHS = [
    ("Title", "Поради читачам"),
    ("heading 1", "Запис"),
    ("heading 2", "Як записатися до бібліотеки?"),
    ("", "Візьміть паспорт і прийдіть у будь-який день."),
    ("heading 2", "Чи можна записати дитину?"),
    ("", "Так, із батьками."),
    ("heading 1", "Книги"),
    ("heading 2", "Скільки книг дають додому?"),
    ("", "До п'яти."),
]

KEPT = {
    "a table below a title": Kept(
        "Кав'ярня.csv", TITLED.encode(), 3, "Де залишити велосипед?", "Під вікном є стійка.", ("Нових: 3",)
    ),
    "questions under two headings": Kept(
        "човни.csv", LEVELS.encode("cp1251"), 3, "Як забронювати човен?", "Подзвоніть напередодні.",
        ("Нових: 3", "cp1251", "питання ← C")
    ),
    "no headings": Kept(
        "лікарня.csv", BARE.encode(), 3, "Де отримати довідку для басейну?", "У кабінеті терапевта", ("Стовпці вгадано",)
    ),
    "a bot's export": Kept(
        "bot.csv", BOT.encode(), 2, "How do I borrow a book?", "Show your reader's card", ("Нових: 2", "не використовується"),
        ("en",),
    ),
    "a stranger's numbers": Kept(
        "хліб.csv", STRANGER.encode(), 3, "Як замовити торт на свято?", "За три дні", ("Нових: 3 · змінених: 0", "під номером 1")
    ),
    "two languages side by side": Kept(
        "зал.csv", PAIRED.encode(), 4, "Чи є сауна?", "Є, щовівторка.", ("Нових: 4",), ("ru", "uk")
    ),
    "a workbook": Kept("лижі.xlsx", workbook(SHEETS), 3, "Де траса для новачків?", "Ліворуч від нижньої", ("Траси",)),
    "an old charset": Kept(
        "готель.csv", KOI.encode("koi8-u"), 3, "Чи є стоянка для гостей?", "Так, у дворі", ("koi8-u",)
    ),
    "sections and questions": Kept(
        "гуртожиток.md", SECTIONS.encode(), 3, "Коли можна заїхати?", "З 25 серпня", ("Поселення", "текст")
    ),
    "marked questions": Kept("театр.md", MARKED.encode(), 3, "Чи пускають після третього дзвінка?",
                             "Лише в антракті й на балкон."),
    "pages of a help centre": Kept(
        "help.zip", archive(HELP), 2, "How do I return a lamp?", "Pack it in its", ("index.html",), ("en",)
    ),
    "a document": Kept(
        "поради.docx", document(PARAGRAPHS), 3, "Скільки книг дають додому?", "До п'яти.", ("Книги",)
    ),
    "an export of a wiki": Kept(
        "вікі.xml", WIKI.encode(), 1, "Як увімкнути опалення в залі?", "Поверніть", ("Зала",)
    ),
    "a manual page": Kept("pressctl.8", MANUAL.encode(), 2, "pressctl: Options", "Run at half speed.", (), ("en",)),
}  # fmt: skip
