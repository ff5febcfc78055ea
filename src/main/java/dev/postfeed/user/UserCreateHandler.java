package dev.postfeed.user;

import dev.postfeed.web.CreateHandler;
import dev.postfeed.web.IdempotencyStore;
import dev.postfeed.web.JsonBodies;
import org.springframework.stereotype.Component;

@Component
class UserCreateHandler extends CreateHandler<User, NewUser> {

    UserCreateHandler(UserRepository users, UserWriter writer, JsonBodies json, IdempotencyStore store) {
        super("/users", NewUser.class, users, writer, json, store);
    }
}
