package dev.postfeed.user;

import dev.postfeed.web.JsonBodies;
import dev.postfeed.web.ResourceHandler;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;

@Component
class UserHandler extends ResourceHandler<User, NewUser> {

    UserHandler(UserRepository users, JsonBodies json, TransactionalOperator transaction) {
        super("/users", NewUser.class, users, json, transaction);
    }
}
