package dev.postfeed.user;

import dev.postfeed.web.CreateHandler;
import dev.postfeed.web.IdempotencyStore;
import dev.postfeed.web.JsonBodies;
import dev.postfeed.web.Uploads;
import org.springframework.stereotype.Component;

@Component
class UserCreateHandler extends CreateHandler<User, NewUser> {

    UserCreateHandler(UserStatements statements, JsonBodies json, IdempotencyStore store, Uploads uploads) {
        super("/users", NewUser.class, statements, json, store, uploads);
    }
}
