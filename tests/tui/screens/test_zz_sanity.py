import sys
sys.path.insert(0,"/work/main/tests/tui/screens")
from test_requests_reading import *
from core.store import Store
async def test_x(tmp_path):
    with Store.open(f"sqlite:///{tmp_path / 'other.db'}") as other, Store.open(f"sqlite:///{tmp_path / 'o2.db'}") as o2:
        few = await opening(other, FEW); many = await opening(o2, MANY)
        print(few.instructions, many.instructions, few.windows, len(few.statements)); 
        for s in few.statements: print(s[0][:90].replace("\n"," "))
    with Store.open(f"sqlite:///{tmp_path / 'o3.db'}") as store:
        insert_rows(store, 1000)
        app = RequestsApp(store)
        async with app.run_test(size=SIZE) as pilot:
            await settle(pilot); app.shown.show_second(); await settle(pilot)
            drawn=[]
            app._display = lambda screen, renderable: drawn.append(renderable)
            log(store, PLAIN)
            app.news(); await pilot.pause()
            print("drawn", len(drawn))
            assert drawn
