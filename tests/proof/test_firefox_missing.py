"""Where there is no Firefox, that is said with its remedy; nothing passes in silence."""

import os

import pytest

from course.proof import firefox


def test_a_machine_without_firefox_is_told_what_to_do(monkeypatch, capsys):
    monkeypatch.delenv("COURSE_FIREFOX", raising=False)
    monkeypatch.setattr(firefox, "ELSEWHERE", ())
    monkeypatch.setenv("PATH", "")
    assert firefox.find() is None
    with pytest.raises(firefox.NoFirefoxError, match="apt-get install firefox-esr"), firefox.launch():
        pytest.fail("there is none")
    assert firefox.main() == 1
    assert "COURSE_FIREFOX" in capsys.readouterr().out


def test_a_path_that_leads_nowhere_is_told(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_FIREFOX", str(tmp_path / "firefox"))
    with pytest.raises(firefox.NoFirefoxError, match="no Firefox was found"):
        firefox.require()


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_firefox_that_ends_at_once_is_told(monkeypatch, tmp_path):
    script = tmp_path / "firefox"
    script.write_text("#!/bin/sh\necho cannot open the display\nexit 1\n", encoding="utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("COURSE_FIREFOX", str(script))
    with pytest.raises(firefox.NoFirefoxError, match="cannot open the display"), firefox.launch():
        pytest.fail("it did not start")


def test_there_being_one_is_no_news(monkeypatch, tmp_path, capsys):
    (tmp_path / "firefox").touch()
    monkeypatch.setenv("COURSE_FIREFOX", str(tmp_path / "firefox"))
    assert firefox.main() == 0
    assert capsys.readouterr().out == ""
