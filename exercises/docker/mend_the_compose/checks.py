"""The file is read as Compose reads it: variables are filled in, short forms and long ones mean the same."""

import re
from typing import Any
from urllib.parse import urlsplit

import yaml

from course.check import Failure, TextAnswer, check, expect, require

Service = dict[str, Any]
IMAGES = {"api": "registry.example/shelf:1.4", "migrate": "registry.example/shelf:1.4", "db": "postgres:18"}
HERE = ("127.0.0.1", "::1")
VARIABLE = re.compile(r"\$(?:(\$)|(\w+)|\{(\w+)(?:(:?[-?+])([^}]*))?\})")
Missing = LookupError


def filled(text: str, values: dict[str, str]) -> str:
    """Fill variables in (Compose Specification, "Interpolation"). Raises Missing where the text asks for it."""
    def one(found: re.Match[str]) -> str:
        dollar, plain, name, sign, other = found.groups()
        if dollar:
            return "$"
        value = values.get(plain or name)
        absent = value is None or (value == "" and bool(sign) and sign.startswith(":"))
        if sign and sign.endswith("?") and absent:
            raise Missing(other)
        if sign and sign.endswith("-"):
            return str(other) if absent else str(value)
        return ("" if absent else str(other)) if sign and sign.endswith("+") else value or ""
    return VARIABLE.sub(one, text)


def read(answer: TextAnswer, **values: str) -> dict[str, Any]:
    """Return the whole file with these variables. Raises Failure where it holds no services; Missing."""
    def walked(part: Any) -> Any:
        if isinstance(part, dict):
            return {name: walked(value) for name, value in part.items()}
        if isinstance(part, list):
            return [walked(one) for one in part]
        return filled(part, values) if isinstance(part, str) else part
    try:
        whole = yaml.safe_load(answer.text)
    except yaml.YAMLError as error:
        raise Failure(f"This is no YAML: {error}", hint=1) from None
    require(isinstance(whole, dict) and isinstance(whole.get("services"), dict), "The file has no `services`", hint=1)
    for name in IMAGES:
        require(isinstance(whole["services"].get(name), dict), f"There is no service called {name}", hint=1)
    result: dict[str, Any] = walked(whole)
    return result


def services(answer: TextAnswer, password: str = "emma1815") -> dict[str, Service]:
    """Return the services, with a password that the check has made up."""
    found: dict[str, Service] = read(answer, PASSWORD=password)["services"]
    return found


def environment(service: Service) -> dict[str, str]:
    """Return what a service's environment says, which may be a mapping or a list."""
    said = service.get("environment") or {}
    pairs = said.items() if isinstance(said, dict) else (str(one).partition("=")[::2] for one in said)
    return {str(name): "" if value is None else str(value) for name, value in pairs}


@check("the services are there, with their images and commands")
def keeps_the_services(answer: TextAnswer) -> None:
    """Three services."""
    found = services(answer)
    expect({name: found[name].get("image") for name in IMAGES}, IMAGES, "The images", hint=1)
    command = found["migrate"].get("command")
    expect(command.split() if isinstance(command, str) else command, ["alembic", "upgrade", "head"],
           "The command of migrate", hint=1)
    require("command" not in found["api"], "api has a command now, and should run that of its image", hint=1)


@check("api and migrate find the database", needs=keeps_the_services)
def finds_the_database(answer: TextAnswer) -> None:
    """By its name."""
    for name in ("api", "migrate"):
        service = services(answer)[name]
        url = urlsplit(environment(service).get("SHELF_DATABASE_URL", ""))
        require(url.scheme == "postgresql+psycopg", f"{name}: SHELF_DATABASE_URL is no address any more", hint=1)
        expect((url.username, url.hostname, url.port or 5432, url.path), ("shelf", "db", 5432, "/shelf"),
               f"User, host, port and database of {name}", hint=1)
        require("network_mode" not in service, f"{name} has left Compose's network, where `db` is a name", hint=1)


@check("the password comes from outside, and never is an empty one", needs=keeps_the_services, points=2)
def keeps_no_secret(answer: TextAnswer) -> None:
    """With two passwords, and with none."""
    require("dune1965" not in answer.text, "The password of last night is still in the file", hint=2)
    for password in ("emma1815", "walden1854"):
        found = services(answer, password)
        expect(environment(found["db"]).get("POSTGRES_PASSWORD"), password, "With PASSWORD set; the password of db",
               hint=2)
        for name in ("api", "migrate"):
            url = environment(found[name]).get("SHELF_DATABASE_URL", "")
            expect(urlsplit(url).password, password, f"With PASSWORD set; the one in the address of {name}", hint=2)
    for story, values in (("is missing", {}), ("is empty", {"PASSWORD": ""})):
        try:
            read(answer, **values)
        except Missing:
            continue
        raise Failure(f"When PASSWORD {story}, Compose starts all the same", hint=2)


@check("each waits for what it needs", needs=keeps_the_services, points=2)
def waits(answer: TextAnswer) -> None:
    """Healthy, then migrated, then the API."""
    found = services(answer)
    test = (found["db"].get("healthcheck") or {}).get("test", [])
    kind, words = ("CMD-SHELL", test) if isinstance(test, str) else (test[0] if test else "", " ".join(test[1:]))
    require(kind in ("CMD", "CMD-SHELL"), "db has no healthcheck with a `test` that runs a command", hint=2)
    require(bool(re.search(r"\bpg_isready\b.*(-h|--host)[ =]?(127\.0\.0\.1|localhost)\b", words)),
            f"db asks {words!r}: not pg_isready by TCP", hint=2)
    require(kind == "CMD-SHELL" or not {"||", "&&"} & set(words.split()), "`CMD` runs no shell: it knows no ||", hint=2)
    require(not re.search(r"\|\|\s*true|;", words), f"db is healthy whatever happens: {words!r}", hint=2)
    expect(condition(found["migrate"], "db"), "service_healthy", "What migrate waits for, of db", hint=2)
    expect(condition(found["api"], "migrate"), "service_completed_successfully", "What api waits for, of migrate",
           hint=2)
    restart = found["migrate"].get("restart", "no")
    require(restart in ("no", False) or str(restart).startswith("on-failure"),
            f"migrate has `restart: {restart}`: it is started again when it has succeeded", hint=3)


def condition(service: Service, other: str) -> str | None:
    """Return what a service waits for, of another one; None when it does not wait."""
    wanted = service.get("depends_on") or {}
    if isinstance(wanted, list):
        return "service_started" if other in wanted else None
    one = wanted.get(other)
    return one.get("condition") if isinstance(one, dict) else None


@check("the books outlive the container", needs=keeps_the_services)
def keeps_the_books(answer: TextAnswer) -> None:
    """A named volume at /var/lib/postgresql."""
    whole = read(answer, PASSWORD="emma1815")
    places = {}
    for volume in whole["services"]["db"].get("volumes") or []:
        if isinstance(volume, dict):
            source, target = volume.get("source", ""), volume.get("target", "")
        else:
            source, target = (["", *str(volume).split(":")] if ":" not in str(volume) else str(volume).split(":"))[:2]
        places[str(target).rstrip("/")] = source
    require("/var/lib/postgresql" in places, f"db has volumes at {sorted(places)}; its data are not in one", hint=2)
    name = places["/var/lib/postgresql"]
    require(name in (whole.get("volumes") or {}), f"{name!r} is no volume that the file declares below `volumes`",
            hint=2)
    data = environment(whole["services"]["db"]).get("PGDATA", "/var/lib/postgresql/18/docker")
    require(data.startswith("/var/lib/postgresql/"), f"PGDATA is {data}, outside of the volume", hint=2)


@check("from here api can be reached, from elsewhere nothing", needs=keeps_the_services)
def is_not_open(answer: TextAnswer) -> None:
    """Loopback alone."""
    found = services(answer)
    for name, service in found.items():
        require(service.get("network_mode") != "host", f"{name} has the network of this machine itself", hint=2)
        for address, _, _ in published(service):
            require(address in HERE, f"{name} can be reached at {address or 'every address'}", hint=2)
    require((HERE[0], "8000", "8000") in published(found["api"]),
            f"api is published as {published(found['api'])}; it should be at 127.0.0.1, port 8000", hint=2)


def published(service: Service) -> list[tuple[str, str, str]]:
    """Return address, port here and port inside of all that a service publishes."""
    ports = []
    for port in service.get("ports") or []:
        parts = ([port.get(name, "") for name in ("host_ip", "published", "target")] if isinstance(port, dict)
                 else ["", "", *str(port).partition("/")[0].rsplit(":", 2)][-3:])
        address, here, inside = map(str, parts)
        ports.append((address.strip("[]"), here, inside))
    return ports
