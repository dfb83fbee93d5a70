"""The whole web service, put together."""

from litestar import Litestar, Router
from litestar.datastructures import CacheControlHeader, State
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.types import ControllerRouterHandler

from service.core.instance import Instance
from service.core.text import LANGUAGES
from service.opendata.files import ElectionFiles
from service.voting.queries import OpenedBallots
from service.web import city_map, errors
from service.web.api.accounts import MeApi, SessionsApi, SignInApi
from service.web.api.audit import entries
from service.web.api.calculators import CalculatorDeskApi, CalculatorsApi, GroupPlanApi
from service.web.api.coauthors import CoauthorsApi, InvitationsApi
from service.web.api.comments import CommentsApi
from service.web.api.council_groups import CouncilGroupsApi
from service.web.api.evaluation import EvaluationApi, EvaluationListsApi
from service.web.api.health import health, live
from service.web.api.merges import MergesApi
from service.web.api.moderation import ModerationApi
from service.web.api.notifications import FollowsApi, MailApi, news
from service.web.api.openapi import nowhere, openapi
from service.web.api.opendata import OpenDataApi
from service.web.api.pictures import PicturesApi
from service.web.api.processes import ProcessesApi, areas, categories
from service.web.api.proposals import ProposalsApi, own_proposals
from service.web.api.register import RegisterApi
from service.web.api.reports import ReportsApi
from service.web.api.results import ImplementationApi, ResultsApi
from service.web.api.staff import StaffApi
from service.web.api.voting import BallotApi, ProjectsApi
from service.web.assets import Assets, serve_asset
from service.web.figures import serve_figures
from service.web.pages import api as api_page
from service.web.pages import front
from service.web.pages.about import AboutPages
from service.web.pages.assignments import AssignmentPages
from service.web.pages.audit import audit
from service.web.pages.ballot import BallotPages
from service.web.pages.calculator import CalculatorPages
from service.web.pages.calculator_results import CalculatorResultPages
from service.web.pages.coauthors import CoauthorPages, InvitationPages
from service.web.pages.comments import CommentPages
from service.web.pages.council_room import CouncilRoomPages
from service.web.pages.decisions import DecisionPages
from service.web.pages.demo import DemoPages
from service.web.pages.desk import today
from service.web.pages.desk_ballot import DeskBallotPages
from service.web.pages.desk_baseline import DeskBaselinePages
from service.web.pages.desk_calculator_comments import DeskCalculatorCommentPages
from service.web.pages.desk_calculator_files import DeskCalculatorFilePages
from service.web.pages.desk_calculator_parts import DeskCalculatorPartPages
from service.web.pages.desk_calculator_rules import DeskCalculatorRulePages
from service.web.pages.desk_calculators import DeskCalculatorPages
from service.web.pages.desk_groups import DeskGroupPages
from service.web.pages.desk_implementation import DeskImplementationPages
from service.web.pages.desk_levers import DeskLeverPages
from service.web.pages.desk_merges import DeskMergePages
from service.web.pages.desk_phases import DeskPhasePages
from service.web.pages.desk_process_parts import DeskProcessPartPages
from service.web.pages.desk_processes import DeskProcessPages
from service.web.pages.desk_results import DeskVotingPages
from service.web.pages.evaluation import EvaluationPages
from service.web.pages.implementation import ImplementationPages
from service.web.pages.mail_choice import MailChoicePages
from service.web.pages.me import MePages
from service.web.pages.moderation import ModerationPages
from service.web.pages.own_proposals import OwnProposalPages
from service.web.pages.pictures import PicturePages
from service.web.pages.processes import ProcessPages
from service.web.pages.proposal_list import ProposalListPages
from service.web.pages.proposals import ProposalPages
from service.web.pages.register import rulings
from service.web.pages.reports import ReportPages
from service.web.pages.results import ResultPages
from service.web.pages.sending import SendingPages
from service.web.pages.sign_in import SignInPages
from service.web.pages.sitemap import robots, sitemap
from service.web.pages.staff import StaffPages
from service.web.pages.writing import WritingPages
from service.web.pictures import serve_picture
from service.web.templates import Templates
from service.web.visit import receive

API: list[ControllerRouterHandler] = [
    health,
    live,
    openapi,
    SignInApi,
    SessionsApi,
    MeApi,
    StaffApi,
    FollowsApi,
    MailApi,
    ProcessesApi,
    areas,
    categories,
    ProposalsApi,
    own_proposals,
    news,
    CoauthorsApi,
    InvitationsApi,
    PicturesApi,
    CommentsApi,
    MergesApi,
    ReportsApi,
    ModerationApi,
    RegisterApi,
    EvaluationApi,
    EvaluationListsApi,
    entries,
    ProjectsApi,
    BallotApi,
    ResultsApi,
    ImplementationApi,
    OpenDataApi,
    CalculatorsApi,
    CalculatorDeskApi,
    GroupPlanApi,
    CouncilGroupsApi,
]
PAGES: list[ControllerRouterHandler] = [
    front.front,
    SignInPages,
    MePages,
    MailChoicePages,
    today,
    StaffPages,
    DemoPages,
    ProcessPages,
    AboutPages,
    api_page.api,
    ProposalListPages,
    ProposalPages,
    WritingPages,
    SendingPages,
    PicturePages,
    CoauthorPages,
    InvitationPages,
    OwnProposalPages,
    CommentPages,
    ReportPages,
    ModerationPages,
    DecisionPages,
    EvaluationPages,
    AssignmentPages,
    rulings,
    audit,
    DeskProcessPages,
    DeskMergePages,
    DeskProcessPartPages,
    DeskPhasePages,
    ResultPages,
    ImplementationPages,
    DeskVotingPages,
    DeskImplementationPages,
    BallotPages,
    CalculatorPages,
    DeskBallotPages,
    DeskCalculatorPages,
    DeskCalculatorPartPages,
    DeskCalculatorFilePages,
    DeskCalculatorCommentPages,
    DeskBaselinePages,
    DeskLeverPages,
    DeskCalculatorRulePages,
    DeskGroupPages,
    CouncilRoomPages,
    CalculatorResultPages,
]


def create_app(instance: Instance) -> Litestar:
    assets = Assets()
    api = Router(
        "/api/v1",
        route_handlers=API,
        exception_handlers={Exception: errors.problem},
        cache_control=CacheControlHeader(private=True, no_cache=True),
        response_headers={"X-Content-Type-Options": "nosniff"},
    )
    pages = [
        Router(
            f"/{language}",
            route_handlers=PAGES,
            exception_handlers={Exception: errors.error_page},
            include_in_schema=False,
        )
        for language in LANGUAGES
    ]
    return Litestar(
        [
            api,
            *pages,
            front.entrance,
            sitemap,
            robots,
            serve_asset,
            serve_picture,
            serve_figures,
            city_map.serve_map,
            city_map.serve_tile,
        ],
        dependencies={"visit": Provide(receive)},
        exception_handlers={Exception: errors.answer},
        state=State(
            {
                "instance": instance,
                "assets": assets,
                "city_map": city_map.of(instance),
                "templates": Templates(instance, assets, city_map.of(instance)),
                "ballots": OpenedBallots(),
                "elections": ElectionFiles(),
            }
        ),
        openapi_config=OpenAPIConfig(
            title="Puntari",
            version="1",
            openapi_router=Router(
                "/api/v1/openapi", route_handlers=[], guards=[nowhere], include_in_schema=False
            ),
            render_plugins=[JsonRenderPlugin()],
            use_handler_docstrings=True,
        ),
        request_max_body_size=12_000_000,
        logging_config=None,
    )
