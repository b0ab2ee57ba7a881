"""The server that the proof offers its pages from."""

import http.client

from course.proof import browser_server


def test_only_the_served_folders_are_served(tmp_path):
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "a.mjs").write_text("1", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("2", encoding="utf-8")
    with browser_server.serve({"files": tmp_path / "open"}) as base:
        answers = {}
        for path in ("/files/a.mjs", "/files/../secret.txt", "/files/%2e%2e/secret.txt", "/other/a.mjs", "/"):
            client = http.client.HTTPConnection(base.removeprefix("http://"), timeout=10)
            client.request("GET", path)
            answer = client.getresponse()
            answers[path] = answer.status, answer.getheader("Content-Type")
            client.close()
    assert answers.pop("/files/a.mjs") == (200, "text/javascript")
    assert answers.pop("/") == (200, "text/html; charset=utf-8")
    assert {status for status, _ in answers.values()} == {404}
