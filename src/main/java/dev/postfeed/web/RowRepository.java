package dev.postfeed.web;

import org.springframework.data.relational.core.sql.LockMode;
import org.springframework.data.relational.repository.Lock;
import org.springframework.data.repository.NoRepositoryBean;
import org.springframework.data.repository.Repository;
import reactor.core.publisher.Mono;

/** What {@link ResourceHandler} asks of a repository; Spring Data writes what has no SQL of its own. */
@NoRepositoryBean
public interface RowRepository<R extends Row<R, B>, B> extends Repository<R, Long> {

    /** Nobody else changes the row before the transaction ends; empty where there is no such row. */
    @Lock(LockMode.PESSIMISTIC_WRITE)
    Mono<R> findForUpdateById(long id);

    /** Writes a row that is there already. */
    Mono<R> save(R row);

    /** Deletes a row that is there. */
    Mono<Void> delete(R row);
}
