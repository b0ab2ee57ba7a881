"""Shelf's tables."""

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, MetaData, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

NAMES = {"pk": "pk_%(table_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s", "ix": "ix_%(column_0_label)s",
         "fk": "fk_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s"}


class Base(DeclarativeBase):
    """The base of all tables: their constraints have names that say what they are."""

    metadata = MetaData(naming_convention=NAMES)


class Book(Base):
    """A title, and how many copies of it stand on the shelf. `version` grows with each change."""

    __tablename__ = "book"
    __table_args__ = (UniqueConstraint("title", "author"), CheckConstraint("copies >= 0", name="copies"))

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    author: Mapped[str] = mapped_column(index=True)
    copies: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 -- SQLAlchemy reads it from the class


class Member(Base):
    """Somebody who may borrow; `role` is reader or staff, `token_hash` the SHA-256 of the token they were given."""

    __tablename__ = "member"
    __table_args__ = (CheckConstraint("role IN ('reader', 'staff')", name="role"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)


class Loan(Base):
    """A copy of a book that a member has."""

    __tablename__ = "loan"

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey(Book.id), index=True)
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), index=True)
    book: Mapped[Book] = relationship(lazy="raise")


class Answered(Base):
    """What was answered to a request with an Idempotency-Key; `request` is a hash of what it asked for."""

    __tablename__ = "answered"

    key: Mapped[str] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey(Member.id), primary_key=True)
    request: Mapped[str]
    location: Mapped[str]
    body: Mapped[dict[str, Any]] = mapped_column(JSONB)
