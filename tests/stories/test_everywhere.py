"""Which stories are told where: all of them on every stage, but for those that need what a stage lacks, each with its reason."""

import ast
import re
from pathlib import Path

import pytest

from tests.stories.harness.capabilities import CAN, SIDES, Capability, lacking, needs

HERE = Path(__file__).parent
STORIES = sorted(path for path in HERE.rglob("test_*.py") if path.name != Path(__file__).name)

# Each story that is not told everywhere: what its requesters' side needs, and what its team's side needs.
SPECIAL = {
    "inside: test_what_was_said_under_the_card_before_the_first_act_is_not_told_there_again": ("", "DELETIONS"),
    "behalf: test_a_guest_finds_all_that_was_said": ("LINKS", "LINKS"),
    "content: test_what_has_no_caption_comes_after_its_authors_name": ("MOBILE", ""),
    "content: test_and_so_does_what_the_team_sends": ("", "MOBILE"),
    "choices_from: test_a_window_lists_them_and_a_long_list_is_typed": ("WINDOWS", ""),
    "content: test_a_venue": ("MOBILE", ""),
    "content: test_dice_and_polls_are_told_in_words": ("MOBILE", ""),
    "content: test_what_cannot_cross_is_said_to_both_sides": ("RARITIES", ""),
    "content: test_nor_does_it_from_the_team": ("", "RARITIES"),
    "content: test_albums_stay_albums": ("ALBUMS", "ALBUMS"),
    "long_text: test_an_agents_long_reply_arrives_whole": ("", "QUOTES"),
    "lost_topics": ("", "TOPICS"),
    "night: test_an_answer_in_the_night_makes_no_sound": ("SILENCE", ""),
    "plain_group": ("", "QUOTES"),
    "private_seat: test_the_window_of_a_reply_waits_for_an_answer": ("", "WINDOWS"),
    "receipts: test_a_requester_who_stopped_the_bot_gets_it_when_they_are_back": ("BLOCKING", ""),
    "receipts: test_blocked_without_a_word_is_noticed_when_it_fails": ("BLOCKING", ""),
    "refusals: test_an_anonymous_admin_is_asked_to_write_as_themselves": ("", "MASKS"),
    "replying: test_by_a_reply_to_their_words": ("", "QUOTES"),
    "replying: test_only_a_reply_to_the_prompt_of_the_button_is_sent": ("", "QUOTES"),
    "taking_back: test_by_the_command": ("", "QUOTES"),
    "pieces: test_a_piece_that_is_deleted_is_in_no_request": ("DELETIONS", ""),
    "taking_back: test_that_is_deleted_after_it_was_registered": ("DELETIONS", ""),
    "taking_back: test_that_was_corrected_before_goes_with_all_it_has_said": ("DELETIONS", ""),
    "taking_back: test_by_deleting_it_where_it_was_written": ("", "DELETIONS"),
    "guests: test_somebody_unknown_comes_by_a_link_and_finds_what_was_said": ("LINKS", "LINKS"),
    "behalf: test_a_guests_link_lives_for_thirty_days_and_then_another_one_serves": ("LINKS", "LINKS"),
    "behalf: test_a_link_of_an_older_version_lives_as_long": ("LINKS", "LINKS"),
    "behalf: test_a_guest_who_comes_while_something_is_broken_hears_the_end_of_it": ("LINKS", "LINKS"),
    "leaving: test_words_of_a_window_opened_before_leaving_come_back": ("", "WINDOWS"),
    "long_ago: test_an_agent_is_told_that_an_old_reply_stays": ("", "DELETIONS"),
    "long_ago: test_old_words_are_taken_away_or_say_that_they_were": ("DELETIONS", ""),
    "standstill: test_a_closed_topic_that_cannot_be_opened_is_spoken_of_in_general": ("", "TOPICS"),
    "standstill: test_a_thread_that_takes_nothing_is_spoken_of_beside_it": ("", "WINDOWS"),
    "standstill: test_general_is_closed_and_opened_again": ("", "TOPICS"),
    "standstill: test_without_the_right_to_manage_topics_the_words_wait": ("", "TOPICS"),
    "wrong_clock: test_what_was_said_while_the_desk_was_down_is_read_back_all_the_same": ("WINDOWS", "WINDOWS"),
    "team_channels: test_who_writes_in_an_open_channel_of_a_group_is_not_of_the_team": ("", "TOPICS"),
    "upgraded_group": ("", "UPGRADES"),
    "ways: test_from_the_queue_into_the_topic_and_back": ("", "TOPICS"),
}


def marked() -> dict[str, tuple[str, str]]:
    """Return what the stories say that they need, read from their source; a whole module goes by its name."""
    found: dict[str, tuple[str, str]] = {}
    for path in STORIES:
        module = path.stem.removeprefix("test_")
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            calls = getattr(node, "decorator_list", [])
            name = f"{module}: {getattr(node, 'name', '')}"
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
                calls, name = [node.value], module
            for call in calls:
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "needs":
                    said = {word.arg: ast.unparse(word.value).rpartition(".")[2] for word in call.keywords}
                    found[name] = (said.get("requesters", ""), said.get("team", ""))
    return found


def test_just_these_stories_are_not_told_everywhere():
    assert marked() == SPECIAL


@pytest.mark.parametrize("stage", list(SIDES))
def test_a_stage_leaves_out_what_one_of_its_sides_lacks(stage: str):
    requesters, team = (CAN[side] for side in SIDES[stage])
    for story, (theirs, ours) in SPECIAL.items():
        wanted = [Capability[name] if name else None for name in (theirs, ours)]
        told = (wanted[0] is None or wanted[0] in requesters) and (wanted[1] is None or wanted[1] in team)
        why = lacking(stage, [needs(requesters=wanted[0], team=wanted[1]).mark])
        assert (why == "") is told, story
        assert told or any(str(each) in why for each in wanted if each), f"{story} is left out without its reason"


def test_every_special_story_is_told_somewhere():
    for story, (theirs, ours) in SPECIAL.items():
        mark = needs(requesters=Capability[theirs] if theirs else None, team=Capability[ours] if ours else None).mark
        assert any(lacking(stage, [mark]) == "" for stage in SIDES), story


def test_what_was_collected_is_what_may_be_told(request: pytest.FixtureRequest):
    for item in request.session.items:
        stage = getattr(getattr(item, "callspec", None), "params", {}).get("stage")
        assert not (stage and lacking(stage, list(item.iter_markers("needs")))), item.nodeid


def test_no_story_names_a_messenger():
    named = [path.name for path in STORIES if re.search(r"telegram|slack", path.read_text("utf-8"), re.IGNORECASE)]
    assert named == []
