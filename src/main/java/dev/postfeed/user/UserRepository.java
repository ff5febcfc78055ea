package dev.postfeed.user;

import dev.postfeed.web.RowRepository;
import org.springframework.data.r2dbc.repository.Query;
import reactor.core.publisher.Mono;

interface UserRepository extends RowRepository<User, NewUser> {

    @Override
    default Mono<User> insert(NewUser user) {
        return insert(user.name(), user.email());
    }

    @Query("insert into users (name, email) values (:name, :email) returning *")
    Mono<User> insert(String name, String email);
}
