"""SQL of the copies of clips that others see."""

from uuid import UUID

from psycopg.rows import tuple_row

from ascension.infra.database.primary import Connection

MOST_RELEASED = 100  # in one sweep
UNSEEN_S = 600  # one that is new may be asked for by what is not committed yet


async def list_unseen(
    connection: Connection, *, video_id: UUID | None = None, is_blurred: bool | None = None
) -> list[tuple[UUID, UUID, bool]]:
    """Copies that nobody may see any more: their video, whose it is, and whether heads are covered.

    Of a clip that is not saved nobody sees more than its climber: when it is gone, its copies go. Else a copy
    stays while a link or a coach may see it, by the conditions of `queries`.

    video_id, is_blurred: of this one alone.
    """
    async with connection.cursor(row_factory=tuple_row) as cursor:
        await cursor.execute(
            """
            select c.video_id, c.user_id, c.purpose = 'blurred'
            from video_copies c join videos v on v.id = c.video_id
            where c.purpose in ('shared', 'blurred')
                and c.created_at < now() - make_interval(secs => %(unseen_s)s)
                and (%(video_id)s::uuid is null or c.video_id = %(video_id)s)
                and (%(is_blurred)s::boolean is null or (c.purpose = 'blurred') = %(is_blurred)s)
                and ((v.saved_at is null and (v.state = 'expired' or v.expires_at <= now()))
                    or (not exists (
                            select from shares s join analyses a on a.id = s.analysis_id
                            where a.video_id = c.video_id and s.with_video and s.expires_at > now()
                                and s.is_blurred = (c.purpose = 'blurred'))
                        and not (c.purpose = 'shared' and exists (
                            select from coach_grants g join analyses a on a.user_id = g.user_id
                            where a.video_id = c.video_id and g.coach_id is not null
                                and (g.with_past or a.created_at >= g.created_at)))))
            order by c.video_id, c.purpose limit %(most)s
            """,
            {"unseen_s": UNSEEN_S, "video_id": video_id, "is_blurred": is_blurred, "most": MOST_RELEASED},
        )
        return await cursor.fetchall()
