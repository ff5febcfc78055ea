"""A peer of Postfeed: FastAPI, SQLAlchemy, psycopg2. Run by uvicorn with two workers."""

import json
import os
from datetime import datetime
from typing import List, Optional

from fastapi import Depends, FastAPI, Header, HTTPException, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, String, create_engine, func
from sqlalchemy.orm import Session, declarative_base, sessionmaker

# As many as a worker has requests at a time: connections of the overflow are closed after each.
engine = create_engine(os.environ["DATABASE_URL"], pool_size=20, max_overflow=10)
SessionLocal = sessionmaker(bind=engine, autoflush=False, expire_on_commit=False)
Base = declarative_base()


class User(Base):
    __tablename__ = "users"
    id = Column(BigInteger, primary_key=True)


class Post(Base):
    __tablename__ = "posts"
    # The identity and the time are read back by the insert itself (RETURNING).
    __mapper_args__ = {"eager_defaults": True}
    id = Column(BigInteger, primary_key=True)
    title = Column(String, nullable=False)
    content = Column(String)
    user_id = Column(BigInteger, ForeignKey("users.id"))
    created_at = Column(DateTime(timezone=True), server_default=func.now())


class NewPost(BaseModel):
    title: str
    content: Optional[str] = None
    user_id: Optional[int] = None


class PostOut(NewPost):
    id: int
    created_at: datetime

    class Config:
        orm_mode = True


def session():
    with SessionLocal() as opened:
        yield opened


app = FastAPI()


@app.get("/posts/{id}", response_model=PostOut)
def get(id: int, db: Session = Depends(session)):
    post = db.get(Post, id)
    if post is None:
        raise HTTPException(404)
    return post


@app.post("/posts", response_model=PostOut, status_code=201)
def create(body: NewPost, response: Response, db: Session = Depends(session)):
    post = Post(**body.dict())
    db.add(post)
    db.commit()
    response.headers["Location"] = f"/posts/{post.id}"
    return post


@app.get("/posts", response_model=List[PostOut])
def index(
    limit: int,
    id: Optional[str] = None,
    order: Optional[str] = None,
    accept: str = Header("application/json"),
    db: Session = Depends(session),
):
    if accept == "application/x-ndjson":
        return StreamingResponse(lines(limit), media_type=accept)
    query = db.query(Post)
    if id is not None:  # gt.N
        query = query.filter(Post.id > int(id[3:]))
    query = query.order_by(Post.id.desc() if order == "id.desc" else Post.id)
    return query.limit(limit).all()


def lines(limit: int):
    """Chunks of a thousand lines; a session of its own, since that of the request has ended by now."""
    with SessionLocal() as db:
        chunk = []
        for post in db.query(Post).order_by(Post.id).limit(limit).yield_per(1000):
            chunk.append(
                json.dumps(
                    {
                        "id": post.id,
                        "title": post.title,
                        "content": post.content,
                        "user_id": post.user_id,
                        "created_at": post.created_at.isoformat(),
                    },
                    ensure_ascii=False,
                    separators=(",", ":"),
                )
            )
            if len(chunk) == 1000:
                yield "\n".join(chunk) + "\n"
                chunk.clear()
        if chunk:
            yield "\n".join(chunk) + "\n"
