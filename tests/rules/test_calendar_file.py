"""Calendar files of planned times: what calendars know a plan by stays, and each change of it counts on."""

from dataclasses import replace
from datetime import timedelta

from handlers.tickets.calendar_file import CalendarEntry, calendar_file, entry_uid, folded_line
from storage.tickets.plans import Plan
from tests.clock import MONDAY

PLAN = Plan(3, 42, MONDAY, MONDAY + timedelta(hours=2), "", "", 1, 0, MONDAY, None, None, None)


def lines(*entries: CalendarEntry) -> list[str]:
    text = str(calendar_file("a.ics", entries, MONDAY).facts["text"])
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def test_a_plan_is_put_moved_and_taken_out():
    put = lines(CalendarEntry(PLAN, "#42 Тече кран, терміново; дуже\nдуже", "note", "Office 5, 2nd floor"))
    assert "METHOD:PUBLISH" in put
    assert {"SEQUENCE:0", "STATUS:CONFIRMED", f"UID:{entry_uid(PLAN)}"} <= {*put}
    assert "SUMMARY:#42 Тече кран\\, терміново\\; дуже\\nдуже" in put
    assert "LOCATION:Office 5\\, 2nd floor" in put
    assert f"DTSTART:{MONDAY:%Y%m%dT%H%M%SZ}" in put
    off = lines(CalendarEntry(replace(PLAN, sequence=2, ended_at=MONDAY), "#42"))
    assert {"METHOD:CANCEL", "SEQUENCE:2", "STATUS:CANCELLED", f"UID:{entry_uid(PLAN)}"} <= {*off}


def test_nobody_writes_lines_of_their_own():
    put = lines(CalendarEntry(PLAN, "x\r\nEND:VEVENT\x0b\u2028BEGIN:VALARM\x00"))
    assert [line for line in put if line.startswith(("END:VEVENT", "BEGIN:V"))] == [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        "END:VEVENT",
    ]


def test_long_lines_are_folded_at_whole_letters():
    pieces = folded_line("SUMMARY:" + "ї" * 200)
    assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == "SUMMARY:" + "ї" * 200
    assert all(len(piece.encode()) <= 75 for piece in pieces)
