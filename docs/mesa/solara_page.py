# A page in ten lines. Install the extra first (docs/mesa/README.md), then: solara run docs/mesa/solara_page.py
from mesa.visualization import SolaraViz, make_plot_component

import capsim

NAMES = ["none", "individual_focused", "organization_focused", "blended"]
EXITS = next(one["label"] for one in capsim.declared()["parameters"] if one["name"] == "lea_annual_exit")
params = {"scenario": "classroom", "seed": {"type": "SliderInt", "value": 1, "min": 1, "max": 30, "label": "Luck"}}
params["strategy"] = {"type": "Select", "value": "blended", "values": NAMES, "label": "Help"}
params["lea_annual_exit"] = {"type": "SliderFloat", "value": 0.16, "min": 0.05, "max": 0.4, "step": 0.01, "label": EXITS}
plots = [make_plot_component("use"), make_plot_component({"individual": "tab:blue", "organizational_skills": "tab:orange"})]
model = capsim.CapacityModel("classroom", strategy="blended", seed=1, lea_annual_exit=0.16)
page = SolaraViz(model, components=plots, model_params=params, name="capsim: a classroom")
