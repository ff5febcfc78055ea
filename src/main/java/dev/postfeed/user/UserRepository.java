package dev.postfeed.user;

import dev.postfeed.web.RowRepository;

interface UserRepository extends RowRepository<User, NewUser> {}
