package dev.postfeed.user;

import dev.postfeed.web.Row;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.ReadOnlyProperty;
import org.springframework.data.relational.core.mapping.Table;

/** A row of {@code users}. */
@Table("users")
record User(
        @Id @Nullable Long id,
        String name,
        String email,
        @ReadOnlyProperty @Nullable Instant createdAt) implements Row<User, NewUser> {

    @Override
    public NewUser body() {
        return new NewUser(name, email);
    }

    @Override
    public User with(NewUser body) {
        return new User(id, body.name(), body.email(), createdAt);
    }
}
