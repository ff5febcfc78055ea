"""A program as there are many: SQLAlchemy 1.4 on psycopg2, an Engine with a pool, two models, a few functions.

It knows nothing of Postfeed; tests run it before, beside and after Postfeed on one database. Settings come from the
environment (DATABASE_URL), the command from the arguments; it answers with JSON, one value.
"""

import json
import os
import sys

from sqlalchemy import Column, ForeignKey, Integer, String, create_engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import declarative_base, relationship, sessionmaker

engine = create_engine(
    os.environ["DATABASE_URL"],
    pool_size=int(os.environ.get("POOL_SIZE", "10")),
    max_overflow=int(os.environ.get("MAX_OVERFLOW", "20")),
    pool_timeout=int(os.environ.get("POOL_TIMEOUT", "30")),
    pool_recycle=int(os.environ.get("POOL_RECYCLE", "3600")),
)
Session = sessionmaker(bind=engine)
Base = declarative_base()


class User(Base):
    __tablename__ = "users"

    id = Column(Integer, primary_key=True)
    name = Column(String, nullable=False)
    email = Column(String, unique=True, nullable=False)
    posts = relationship("Post", back_populates="user")


class Post(Base):
    __tablename__ = "posts"

    id = Column(Integer, primary_key=True)
    title = Column(String, nullable=False)
    content = Column(String)
    user_id = Column(Integer, ForeignKey("users.id"))
    user = relationship("User", back_populates="posts")


def create_all():
    Base.metadata.create_all(engine)


def stored(session, row):
    """Commits one row, or rolls back; its id."""
    try:
        session.add(row)
        session.commit()
        return row.id
    except Exception:
        session.rollback()
        raise


def create_user(session, name, email):
    return stored(session, User(name=name, email=email))


def create_post(session, title, content, user_id):
    return stored(session, Post(title=title, content=content, user_id=user_id))


def get_all_users(session):
    return [[user.id, user.name, user.email] for user in session.query(User).order_by(User.id)]


def get_all_posts(session):
    return [
        [post.id, post.title, post.content, post.user.name if post.user else None]
        for post in session.query(Post).order_by(Post.id)
    ]


def create_user_twice(session, name, email):
    """What happens to the second, and whether the session is of use afterwards."""
    create_user(session, name, email)
    try:
        create_user(session, name, email)
        return "stored twice"
    except IntegrityError as error:
        return [type(error).__name__, error.orig.pgcode, session.query(User).filter_by(email=email).count()]


def delete_user(session, user_id):
    session.delete(session.get(User, user_id))
    session.commit()


def main(command, *arguments):
    if command == "create_all":
        create_all()
        return None
    with Session() as session:
        if command == "create_user":
            return create_user(session, *arguments)
        if command == "create_post":
            title, content, user_id = arguments
            return create_post(session, title, content, int(user_id))
        if command == "get_all_users":
            return get_all_users(session)
        if command == "get_all_posts":
            return get_all_posts(session)
        if command == "create_user_twice":
            return create_user_twice(session, *arguments)
        if command == "delete_user":
            return delete_user(session, int(arguments[0]))
    raise ValueError(command)


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:]), ensure_ascii=False))
    engine.dispose()
