package dev.postfeed.user;

import dev.postfeed.query.Table;
import dev.postfeed.web.JsonBodies;
import dev.postfeed.web.Lists;
import dev.postfeed.web.ResourceHandler;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;

@Component
class UserHandler extends ResourceHandler<User, NewUser> {

    UserHandler(
            UserRepository users,
            UserStatements statements,
            Lists lists,
            JsonBodies json,
            TransactionalOperator transaction) {
        super("/users", Table.USERS, NewUser.class, users, statements, lists, json, transaction);
    }
}
